// A round with npm's onvif: prints what it saw, as JSON. The last argument: WSSE or HTTP Digest only.
const { Cam } = require('onvif');
const [hostname, port, how] = process.argv.slice(2);
const said = {};
const fail = error => { console.error(error); process.exit(1); };

const options = { hostname, port, username: 'admin', password: process.env.CAMERA_PASSWORD, timeout: 60000 };
if (how === 'digest') options.useWSSecurity = false;

const cam = new Cam(options, function (error) {
  if (error) fail(error);
  said.media2 = Boolean(this.media2Support);
  said.profiles = this.profiles.map(profile => profile.$.token);
  const steps = [
    done => this.getDeviceInformation((e, told) => { said.model = told && told.model; done(e); }),
    done => this.getSnapshotUri((e, told) => { said.snapshot = told && told.uri; done(e); }),
    done => this.getStreamUri({ protocol: 'RTSP' }, (e, told) => { said.stream = e ? null : told.uri; done(); }),
    done => this.getVideoEncoderConfigurations((e, told) => { said.encoders = told && told.length; done(e); }),
    done => this.getImagingSettings((e, told) => { said.brightness = told && told.brightness; done(e); }),
    done => this.getUsers((e, told) => { said.users = told && told.map(user => user.username); done(e); }),
    done => this.getScopes((e, told) => { said.scopes = told && told.length; done(e); }),
    done => this.getNetworkInterfaces((e, told) => { said.network = Boolean(told); done(e); }),
  ];
  const next = error => {
    if (error) fail(error);
    if (steps.length) steps.shift()(next);
    else { console.log(JSON.stringify(said)); process.exit(0); }
  };
  next();
});
