select vendor, pass_rate, pass_rate_low, pass_rate_high
from {{ ref('qa_metrics') }}
where not (pass_rate between pass_rate_low and pass_rate_high)
    or not (auto_fail_rate between auto_fail_rate_low and auto_fail_rate_high)
    or not (dispute_rate between dispute_rate_low and dispute_rate_high)
    or (dispute_rate is null) <> (dispute_rate_low is null)
