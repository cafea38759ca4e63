"""AC1 and AC2 by irrCAC, in the environment of the group `agreement`: JSON with tables in, estimates and bounds out."""

import json
import sys

import pandas as pd
from irrCAC.raw import CAC

found = []
for ratings, weights, categories in json.load(sys.stdin):
    estimate = CAC(pd.DataFrame(ratings), weights=weights, categories=categories, digits=9).gwet()["est"]
    found.append([estimate["coefficient_value"], *estimate["confidence_interval"]])
json.dump(found, sys.stdout)
