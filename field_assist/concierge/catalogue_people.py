"""Who may do what with the catalogue: what `people` is for everything else, in the same words.

- Lists are taken in, and their terms and sources changed, by admin.
- What is in it is public; which entries are for staff alone is the kind's to say (`entries.STAFF_ONLY`).

Sans-IO.
"""

from field_assist.people import Person, Role


def may_keep_catalogue(person: Person) -> bool:
    """Take lists in, say where they come from and on which terms, see what changed."""
    return person.role is Role.ADMIN
