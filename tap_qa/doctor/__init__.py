"""The command `tap-qa-doctor`: how a vendor's account behaves, told by probes that change nothing."""
