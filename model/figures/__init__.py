"""How does it look?"""

import logging

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where its caches are is nothing that a reader can use
