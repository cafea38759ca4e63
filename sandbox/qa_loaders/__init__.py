"""What Singer loaders make of the tap's messages: the command `loader-table`, which installs them and compares."""
