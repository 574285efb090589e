"""How is it solved?

Pyomo loads all of `scipy.stats` as soon as anything imports scipy, and pyplot with matplotlib. Nothing here needs
them, and both together take longer than many a plan: they are left out, for every process that solves.
"""

import sys
from types import ModuleType

_loaded: dict[str, ModuleType] = {
    name: sys.modules.pop(name) for name in ("scipy", "matplotlib") if name in sys.modules
}
try:  # what is there already would be loaded in full at once
    from pyomo.common.dependencies import DeferredImportIndicator, matplotlib_available, scipy_available
finally:
    sys.modules.update(_loaded)
for _each in (scipy_available, matplotlib_available):
    if isinstance(_each, DeferredImportIndicator):
        _each._callback = None
