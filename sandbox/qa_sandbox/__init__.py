"""Loopback simulators of the QA vendors, for tests, the demo and trying the tap without an account.

A `Sandbox` starts all vendors on one `SandboxClock`; `sandbox.config()` is the tap's config for them, and
`sandbox.truth(stream)` the rows that a right tap must have delivered. `sandbox.pass_time(days=1)` brings new rows and
edits. A vendor (`sandbox.vendor(Scorebuddy)`) has switches for what its documents leave open (`rules`), things to go
wrong (`faults.add(effects.reply(503), path="/scores$", times=2)`), what came in (`traffic`), and its data (`world`),
which tests may change between two requests (`world.on_request`).
"""
