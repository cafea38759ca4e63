"""Singer messages: schemas, catalogs and the writer of whole lines."""
