-- Newcombe (1998), method 3; the last two by the same formula. None of none has no interval.
with published(part, whole, low, high) as (
    values (81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18), (20, 20, 83.89, 100.0),
        (0, 0, null, null)
),

computed as (
    select published.*, {{ qa_wilson('part', 'whole', 'low') }} as our_low, {{ qa_wilson('part', 'whole', 'high') }} as our_high
    from published
)

select *
from computed
where abs(our_low - low) > 0.005
    or abs(our_high - high) > 0.005
    or (low is null) <> (our_low is null)
    or (high is null) <> (our_high is null)
    or our_low < 0
    or our_high > 100
