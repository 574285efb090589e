"""What is the problem, as mathematics?"""

import model.optimiser.solver  # noqa: F401 - before Pyomo is loaded: what it need not load
