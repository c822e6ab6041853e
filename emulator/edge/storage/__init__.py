"""Where heat and settings are kept: flash, an SD card, shares on the network.

  storage.py   the face: the store of one camera
  flash.py     the camera's own memory, over database.py: SQLite, real transactions
  volume.py    a card or a share: its states, its files, what goes wrong with it
  places.py    a folder, and patience with slow ones; share.py: SMB
  holdings.py  the union of flash and volumes, which reports see
  copying.py   gives every volume what it lacks, mends what is damaged

What a part is stands in core/reports/parts.py, what follows from where parts lie in catalogue.py
beside it.
"""

from emulator.edge.storage.database import FlashFull, StorageError
from emulator.edge.storage.opening import nas, sd_card
from emulator.edge.storage.storage import Storage
from emulator.edge.storage.volume import Volume

__all__ = ["FlashFull", "Storage", "StorageError", "Volume", "nas", "sd_card"]
