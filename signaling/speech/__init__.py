"""Speech becomes text: voices are decoded, cut into utterances and recognised in processes beside the server.

The server hands frames to a `listener` process, which decodes and cuts (`voice_activity`); utterances go to
`worker` processes (`recogniser`), and what these say passes the `guards`. `transcriber` holds it together.
"""
