"""The command `tap-qa-doctor`: finds out how a vendor's account behaves, by probes that change nothing."""
