"""The player's page: the screen as large as it fits, and nothing else."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>stuntcam stimulus</title>
<style>
  html, body { margin: 0; height: 100%; background: #000; overflow: hidden; }
  img { width: 100vw; height: 100vh; object-fit: contain; display: block; }
  p { position: fixed; inset: auto 0 1em; margin: 0; text-align: center; color: #fff;
      font: 1.2em sans-serif; text-shadow: 0 0 4px #000; }
  :fullscreen { cursor: none; }
  :fullscreen p { display: none; }
</style>
<body>
<img alt="The screen that the camera looks at">
<p>Click for full screen, and leave it before the lens.</p>
<script>
  const screenImage = document.querySelector("img");
  const load = () => { screenImage.src = `/screen?${Date.now()}`; };
  screenImage.onerror = () => setTimeout(load, 1000);
  load();
  document.body.onclick = async () => {
    await document.documentElement.requestFullscreen();
    // Without it a tablet would go dark after some minutes.
    try { await navigator.wakeLock?.request("screen"); } catch { /* it may refuse */ }
  };
  // The stream ends with its player; this looks whether there is one again.
  let wasThere = true;
  setInterval(async () => {
    try {
      await fetch("/v1/player");
      if (!wasThere) { load(); }
      wasThere = true;
    } catch { wasThere = false; }
  }, 3000);
</script>
"""
