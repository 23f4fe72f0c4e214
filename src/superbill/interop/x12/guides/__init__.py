"""Implementation guides as data: tables that a person can read, and the machine made of them."""

from superbill.interop.x12.guides.graph import (
    GUIDES,
    HEADS,
    Follow,
    Guide,
    LoopNode,
    Node,
    Step,
    guide,
    versions,
)

__all__ = [
    "GUIDES",
    "HEADS",
    "Follow",
    "Guide",
    "LoopNode",
    "Node",
    "Step",
    "guide",
    "versions",
]
