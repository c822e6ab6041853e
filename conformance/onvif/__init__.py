"""What the harness asks a camera over ONVIF, for the checks of chapter `onvif` and of `streams`.

  device    one camera's services: asks through onvif-zeep, and tells answers, faults, refusals
  wsdls     the descriptions of the services, as installed packages carry them
  schemas   whether what came is valid, by the schemas themselves and by no client's lenience
  messages  SOAP read without trust: what is inside, faults, notifications (pure)
  tokens    WS-UsernameToken (pure)
  probing   WS-Discovery: who answers to a Probe

zeep and xmlschema are imported when a check first asks: a run without these chapters pays nothing
for them. Every request goes through the session (client.py), so that it is counted, paced, bounded,
trusted and written down as all others are.
"""
