"""What Alembic runs: our tables, on the connection `upgrade` opened."""

from alembic import context

from signaling.migrations.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=True,
)
context.run_migrations()
