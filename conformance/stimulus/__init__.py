"""Scenes on a screen before the lens, for cameras whose scene nothing else controls.

Pure rooms:

  layout     the screen: a frame of markers that is always there, a strip of code, the stage
  code       what the strip tells: the time, for the delay, or which film is on
  sight      the markers found in a picture: where each point of the screen is seen
  truth      where a box of the screen is in the camera's grids, and heat there
  films      things that come and go on the stage, and each picture of a film
  plan       which films the checks of BEH want, how often, and how long that takes
  watching   whether the screen is still where it was, and lit

Edges:

  player     shows films to a browser (`stuntcam stimulus --play`), and is told which
  video      writes all of them to a file (`stuntcam stimulus --out`)
  driving    tells a player what to show, or follows the video by its code
  projecting sets the camera, has a film shown, watches the screen, reads the heat

The frame never changes, so a camera has learned it as background when scenes begin, and a
snapshot tells at any time whether the screen is still there. Nothing that is said of a camera
was judged while it was not.
"""
