"""`genba doctor`: plays media through a running server as any client would, and says what works.

Each function of the server gets one finding: green, red with what to do next, or not checked. Nothing here
knows how the server is made; it is examined from outside with the unmodified LiveKit SDK.
"""
