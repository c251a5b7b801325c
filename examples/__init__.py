"""Three complete challenges in EvalAI's layout, and the tools that make their data, zips and entrants."""
