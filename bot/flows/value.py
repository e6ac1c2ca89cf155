"""The one kind of thing the core is made of: values that do not change."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Frozen, and deaf to unknown keys: a typing mistake in a file is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
