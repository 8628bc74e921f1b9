// Node's side of Scripts/interop/tls.
// Call: tls_node.js client PORT CA [CERTIFICATE KEY]    asks twice, the second time with the session of the first
//       tls_node.js server CERTIFICATE KEY              says back what it hears
"use strict";
const fs = require("fs");
const tls = require("tls");

function ask(options, number, then) {
  let session = null;
  const link = tls.connect(options, () => {
    console.log(`reused: ${link.isSessionReused()}`);
    link.write(`GET /request?${number} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  });
  link.on("session", given => { session = given; });
  link.on("data", data => process.stdout.write(data));
  link.on("error", error => { console.log(`error: ${error.message}`); process.exit(1); });
  link.on("close", () => then(session));
}

const [role, ...rest] = process.argv.slice(2);
if (role === "client") {
  const [port, ca, cert, key] = rest;
  const options = { host: "127.0.0.1", port: Number(port), servername: "localhost", ca: fs.readFileSync(ca) };
  if (cert) Object.assign(options, { cert: fs.readFileSync(cert), key: fs.readFileSync(key) });
  ask(options, 0, session => ask({ ...options, session }, 1, () => console.log("done")));
} else {
  const [cert, key] = rest;
  const server = tls.createServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key) }, link => {
    link.on("error", () => {});
    link.pipe(link);
  });
  server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
}
