"""A Whisper of 4 MB that knows eighteen sentences: proves the path from a microphone to a stored line.

It says nothing about the quality of recognition; for that measure a real checkpoint on recorded speech
(`genba doctor --transcribe`). `train.py` made `phrases.pt`; `spoken.py` says the sentences.
"""
