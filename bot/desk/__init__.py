"""The shell around the core, by use case; `Desk` is its door."""

from bot.desk.desk import Desk

__all__ = ["Desk"]
