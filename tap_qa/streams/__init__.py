"""The bases that streams are declared on."""
