"""One HTML page over the marts: figures of contact-centre quality that open from a file, without a network."""
