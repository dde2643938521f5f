"""What may come in: marshmallow schemas, one file per resource, used by API and forms."""
