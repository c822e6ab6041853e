// A round of npm's onvif, in an environment of its own; tells what it got as JSON.
//
// Arguments: host, port, password, the control interface's URL, a film in which somebody walks
// by, and whether to log in by WS-UsernameToken ("wsse") or by HTTP Digest only ("digest").

const { promisify } = require("util");
const { Cam } = require("onvif");

const [host, port, password, control, film, login] = process.argv.slice(2);
const told = { states: [], topics: [] };
const options = {
  hostname: host, port: +port, username: "admin", password, timeout: 70000,
  useWSSecurity: login === "wsse",
};

async function round(camera) {
  const ask = (name, ...given) => promisify(camera[name]).apply(camera, given);
  told.model = (await ask("getDeviceInformation")).model;
  told.profile = (await ask("getProfiles"))[0].$.token;
  await ask("setImagingSettings", { brightness: 61 });
  told.brightness = (await ask("getImagingSettings")).brightness;
  told.snapshot = (await ask("getSnapshotUri")).uri;
  camera.on("eventsError", fail);
  camera.on("event", (event) => {
    const topic = event.topic._;
    const items = [event.message.message.data.simpleItem].flat();
    if (!told.topics.includes(topic)) told.topics.push(topic);
    if (topic !== "tns1:RuleEngine/CellMotionDetector/Motion") return;
    told.states.push(String(items[0].$.Value));
    if (told.states.length === 1) {
      fetch(`${control}/v1/scene`, { method: "PUT", body: JSON.stringify({ source: film }) });
    } else if (told.states.length === 3) {
      told.topics.sort();
      console.log(JSON.stringify(told));
      process.exit(0);
    }
  });
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

new Cam(options, function (error) {
  if (error) fail(error);
  round(this).catch(fail);
});
