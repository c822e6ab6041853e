"""A run's whole talk with a device, kept in a folder, and served again without the device.

keeping     takes exchanges while a run goes on, and writes the folder without their secrets
folder      the folder's form: read, and refused where it is damaged or foreign
questions   when two questions are the same one: what differs between runs is taken out
answering   which of the recorded answers a question gets
serving     the recorded device on loopback, over HTTP
"""
