"""One package per vendor; each sets `VENDOR` to its `qa_sandbox.vendor.Vendor`."""
