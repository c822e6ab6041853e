"""Learning a dialect from what a browser recorded while somebody saved known values.

Nobody outside the vendor knows how a firmware names the heat map's settings. But whoever sets
Sensitivity to 7 and Min. Dwell Time to 117 on the device's own page, and looks at what went over
the wire, finds the names. These rooms do so (docs/dialects.md):

  wanted      what was saved: which values to look for
  recording   a HAR as exchanges
  finding     where these values stand in one text; weeks: a schedule's
  saving      the request that carried them, and what is ambiguous; enabling: the switch
  reading     the answer that told them afterwards, and what stands beside them
  entering    the log-in and its tokens; identity: who the device says it is
  learned     all of it together, from a recording to what is known and what is not
  writing     that as a dialect file; telling: as lines for the reader
  proving     the file against the device itself: set, read, put back

Nothing is guessed: where two fields could be meant, both are named and neither is used.
All but proving decide without input or output.
"""
