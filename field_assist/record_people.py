"""Who may do what with the record of a call beyond reading it: what `people` is for everything else.

- A supervisor gives lines and minutes back to whoever answered for them (返す).
- A supervisor who may see the call hides spans of its record (不開示) and lifts that again. They alone go on
  reading and hearing what is hidden; for everybody else, inside too, it is not there.

Sans-IO.
"""

from field_assist.people import CallFacts, Person, Role, may_read_record


def may_redact(person: Person, call: CallFacts) -> bool:
    """Hide a span of a call's record, lift that again, and read what is hidden: its supervisor."""
    return person.role is Role.SUPERVISOR and may_read_record(person, call)


def may_return(person: Person, call: CallFacts) -> bool:
    """Give something of a call's record back to whoever answered for it: its supervisor."""
    return person.role is Role.SUPERVISOR and may_read_record(person, call)
