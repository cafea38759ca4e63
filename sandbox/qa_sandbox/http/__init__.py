"""The servers: requests that are recorded, and faults that are switched on."""
