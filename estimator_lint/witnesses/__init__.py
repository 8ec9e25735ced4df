"""Why a finding is true: the places that explain it, each with a sentence."""
