"""A Singer tap for contact-centre quality assurance."""
