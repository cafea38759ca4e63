"""A Singer target that writes contact-centre quality assurance back to the vendors that tap-qa reads."""
