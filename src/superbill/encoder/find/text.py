"""Many texts in one buffer, read where they lie: opening an index costs nothing for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

type Array = np.ndarray[Any, Any]


class Texts(Sequence[str]):
    """A list of texts as bytes and the places at which each begins."""

    def __init__(self, data: Array, at: Array) -> None:
        self.data = data
        self.at = at

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Pack ``texts``.

        >>> list(Texts.of(["I10", "é"]))
        ['I10', 'é']
        """
        encoded = [text.encode() for text in texts]
        at = np.concatenate(([0], np.cumsum([len(each) for each in encoded]))).astype(np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), at)

    def __len__(self) -> int:
        return len(self.at) - 1

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        return self.data[self.at[place] : self.at[place + 1]].tobytes().decode()
