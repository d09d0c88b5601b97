"""Who is who: credentials, one-time codes, sign-in, invitations, and the log of what everybody did."""
