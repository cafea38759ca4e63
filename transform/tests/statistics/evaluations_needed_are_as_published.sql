-- Krejcie and Morgan (1970): 80 of 100 and 278 of 1,000; an agent of 80 calls at 90 % to 5 points: 51. Of any number: 385.
with published(share, margin, interactions, needed) as (
    values (0.5, 0.05, 100, 80), (0.5, 0.05, 1000, 278), (0.9, 0.05, 80, 51), (0.5, 0.05, null, 385)
)

select *
from published
where {{ qa_evaluations_needed('share', 'margin', 'interactions') }} is distinct from needed
