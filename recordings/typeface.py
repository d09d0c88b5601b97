"""The Japanese typeface that films and papers are set in: BIZ UDPGothic, made to be read by everybody.

It comes along (`fonts/`, SIL Open Font License 1.1), as a server has none, and as the same case is to make
the same paper on every machine.
"""

from pathlib import Path

JAPANESE = Path(__file__).with_name("fonts") / "BIZUDPGothic-Regular.ttf"
"""A TrueType file, with all of JIS X 0208 and much of JIS X 0213."""
