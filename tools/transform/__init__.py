"""Generates what the marts repeat of the schemas: staging models, their sources, the diagram of relations."""
