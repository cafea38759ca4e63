"""AC1 and AC2 by irrCAC, in the environment of the group `agreement`: JSON with tables in, coefficients out."""

import json
import sys

import pandas as pd
from irrCAC.raw import CAC

coefficients = [
    CAC(pd.DataFrame(ratings), weights=weights, categories=categories, digits=9).gwet()["est"]["coefficient_value"]
    for ratings, weights, categories in json.load(sys.stdin)
]
json.dump(coefficients, sys.stdout)
