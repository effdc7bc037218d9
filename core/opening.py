"""From settings to an open engine."""

from alliance_explorer.engine import Engine, open_engine

from .settings import Settings


def open_from(config: Settings, *, make: bool = True) -> Engine:
    """The engine that some settings name.

    Parameters
    ----------
    config : Settings
    make : bool
        Make the file of the embedded engine if it is missing.

    Raises
    ------
    EngineUnavailable
        It cannot be opened or reached; DatabaseLocked when another process owns the file.
    """
    return open_engine(
        config.db,
        user=config.db_user,
        password=config.db_password.get_secret_value() if config.db_password else None,
        database=config.db_name,
        read_timeout=config.read_timeout,
        write_timeout=config.write_timeout,
        buffer_pool=config.buffer_pool,
        make=make,
    )
