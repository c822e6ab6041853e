// All texts of the pages, in one place. The labels of settings come from the camera's own table.

export const texts = {
  product: "Network Camera",
  skip: "Skip to content",
  mainMenu: "Main menu",
  menu: { live: "Live View", event: "Event", heatMap: "Heat Map", report: "Report", system: "System" },
  roles: { admin: "Administrator", operator: "Operator", viewer: "Viewer" },
  logOut: "Log out",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  saved: "Saved.",
  loading: "Loading…",
  readOnly: "You are logged in as a viewer: you can look at everything here, but change nothing.",

  logIn: {
    title: "Log in",
    user: "User name",
    password: "Password",
    button: "Log in",
    empty: "Enter a user name and a password.",
    wrong: (left) => `The user name or the password is wrong. ${plural(left, "try", "tries")} left.`,
    locked: (seconds) =>
      `Too many wrong passwords: this account is locked for ${duration(seconds)} of camera time.`,
    expired: "Your session has ended. Log in to go on; changes you had not saved are offered again.",
  },
  activate: {
    title: "Activate the camera",
    why: (name) => `This camera is new. Choose the password of its administrator, ${name}.`,
    password: "New password",
    again: "Repeat the password",
    rule: (low, high) => `${low} to ${high} characters, with at least one letter and one digit.`,
    differs: "The two passwords differ.",
    button: "Activate",
  },

  camera: {
    down: "The camera does not answer. Trying again…",
    back: "The camera is back.",
    forbidden: "Your account may not do that.",
    status: (status) => `The camera answered with an error (${status}).`,
    failed: "The camera refused it.",
    noPicture: "The picture could not be loaded.",
    tryAgain: "Try again",
  },

  unsaved: {
    mark: "Unsaved changes",
    none: "Everything is saved",
    title: "Save your changes?",
    text: "There are changes on this page that are not saved.",
    discard: "Discard",
    stay: "Stay here",
    undo: "Undo changes",
    found: "There are unsaved changes from before.",
    restore: "Restore them",
  },

  live: {
    title: "Live View",
    picture: "What the camera sees now",
    boxes: "Detected objects",
    heat: "Live heat",
    heatHint: "The heat of the hour so far, renewed every few seconds.",
    objects: (count) => plural(count, "object", "objects") + " in view",
    stay: (seconds) => `${seconds} s`,
  },

  settings: {
    title: "Heat Map",
    group: "Heat Map Settings",
    range: (low, high, unit, value) => `${low} to ${high}${unit}, default ${value}${unit}`,
    wrong: (label, low, high, unit) => `${label} must be a whole number from ${low} to ${high}${unit}.`,
    slider: (label) => `${label}, slider`,
    units: { s: " s", level: "", "": "" },
    help: {
      sensitivity: "The higher, the more easily moving objects are recorded.",
      min_object_size: "Smaller objects are not recorded.",
      min_dwell: "Objects that stay in the area longer than this are not recorded.",
      adaptability: "The higher, the better the camera adapts to scenes that change fast.",
    },
    fix: "Correct the marked values first; nothing was sent.",
    nothing: "There is nothing to save.",
  },

  region: {
    title: "Heat Map Region",
    grid: "Heat map region",
    hint:
      "Draw on the picture: a drag selects the cells it covers, or clears them if it begins on a " +
      "selected one. Keys: arrows move, Space changes a cell, Shift with arrows draws.",
    selectAll: "Select All",
    clearAll: "Clear All",
    cell: (row, column) => `Row ${row}, column ${column}`,
    count: (count, all) => `${count} of ${all} cells selected`,
    nothing: "No cell is selected: nothing will be recorded.",
  },

  schedule: {
    title: "Schedule Settings",
    grid: "Weekly schedule, an hour each cell",
    hint:
      "Click an hour or drag over many; periods to the minute can be typed below. " +
      "Keys: arrows move, Space changes an hour, Shift with arrows draws.",
    day: "Day",
    cell: (day, from, to) => `${day} ${from} to ${to}`,
    partly: "partly",
    periods: (day) => `Periods of ${day}`,
    edit: (short, day) => `${short}: edit the periods of ${day}`,
    none: "No period: nothing is recorded on this day.",
    select: (number) => `Select period ${number}`,
    from: (number) => `From, period ${number}`,
    to: (number) => `To, period ${number}`,
    add: "Add Period",
    remove: "Delete",
    removeHint: "Delete removes the selected periods, or all of the week when none is selected.",
    copyTo: "Copy to",
    copyAll: "All days",
    copy: "Copy",
    tooMany: (day, most) => `${day} can have no more than ${most} periods.`,
    form: (text) => `“${text}” is not a time like 08:30; the latest is 24:00.`,
    backwards: "A period must end after it begins.",
    overlap: (one, other) => `${one} and ${other} overlap.`,
    empty: "The schedule is empty: nothing will be recorded.",
  },

  report: {
    title: "Report",
    mainType: "Main Heat Map Type",
    types: { space: "Space Heat Map", time: "Time Heat Map" },
    reportType: "Report Type",
    kinds: {
      daily: "Daily Report",
      weekly: "Weekly Report",
      monthly: "Monthly Report",
      annual: "Annual Report",
    },
    start: "Start Time",
    search: "Search",
    export: "Report Export",
    auto: "Auto Export",
    kept: (days) => `Only the last ${days} days can be viewed without an SD card or NAS.`,
    tooOld: (days, from) =>
      `Only the last ${days} days can be viewed without an SD card or NAS: from ${from} on.`,
    noStart: "Enter a start time.",
    begin: "Choose a type and a start time, then search.",
    empty: "Nothing was recorded in this period.",
    span: (from, to) => `${from} to ${to}`,
    opacity: "Opacity",
    picture: "Space heat map over the scene. Arrow keys move the reading point.",
    bar: "Heat value in seconds",
    under: (seconds, column, row) => `${seconds} s at column ${column}, row ${row}`,
    pointer: "Point at the picture to read a value.",
    seconds: (value) => `${value} s`,
    chart: "Time heat map",
    value: "Heat value",
    axis: { daily: "Hour", weekly: "Day", monthly: "Day of the month", annual: "Month" },
    table: "Show as a table",
    columns: ["From", "To", "Heat value (s)"],
    days: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  },

  auto: {
    title: "Auto Export",
    type: "Export Type",
    everyDay: "Everyday",
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    ranges: ["The last day", "The last week", "The last month", "The last year"],
    time: "Time",
    timeWrong: "Enter a time of day.",
    portWrong: (low, high) => `A port is a whole number from ${low} to ${high}.`,
    to: ["FTP", "E-mail", "Storage"],
    fields: {
      ftp_host: "FTP Server", ftp_port: "FTP Port", ftp_user: "FTP User", ftp_password: "FTP Password",
      ftp_folder: "FTP Folder", mail_host: "SMTP Server", mail_port: "SMTP Port",
      mail_user: "SMTP User", mail_password: "SMTP Password", mail_from: "Sender", mail_to: "Receiver",
    },
    secret: "Left empty, the password stays as it is.",
  },

  system: {
    title: "System",
    information: "Device Information",
    fields: {
      model: "Model", firmwareVersion: "Firmware Version", snCode: "Serial Number", mac: "MAC Address",
      hardwareVersion: "Hardware Version", systemBootTime: "Last Start",
    },
    clock: "Date and Time",
    now: "Camera time",
    zone: "Time Zone",
    set: "Set the Clock",
    newTime: "New time",
    newZone: "Time zone, like Europe/Berlin",
    storage: "Storage",
    sd: "SD Card",
    nas: (number) => `NAS ${number}`,
    noNas: "No NAS.",
    state: {
      absent: "None", unmounted: "Not mounted", unformatted: "Not formatted", mounted: "Normal",
      "read-only": "Read only", full: "Full", failing: "Damaged",
    },
    free: (free, total) => `${free} free of ${total}`,
    mount: "Mount", unmount: "Unmount", format: "Format",
    formatAsk: (what) => `Format the ${what}? Everything on it is erased.`,
    recycle: "Recycle storage: a full card gives up its oldest day",
    accounts: "Accounts",
    user: "User name", role: "Role", password: "Password",
    add: "Add Account", remove: "Delete",
    removeLabel: (name) => `Delete ${name}`,
    removeAsk: (name) => `Delete the account ${name}?`,
    onlyAdmin: "Only an administrator can see and change accounts.",
    done: "Done.",
  },
};

function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
