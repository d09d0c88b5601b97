"""Web Push: waking a device of somebody who is rung while none of their pages is open."""
