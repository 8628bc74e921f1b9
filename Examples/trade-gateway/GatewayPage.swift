/// The page that a browser is served at `/`. It reads the gateway's 29-byte messages with a DataView;
/// `?slow=MILLISECONDS` in the address makes it as slow as that.
let gatewayPage = #"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Trades</title>
    <style>
      body { font: 15px sans-serif; max-width: 60em; margin: 1.5em auto; padding: 0 1em; }
      body { background: #fbfbfa; color: #222; }
      h1 { margin: 0; } p { color: #666; }
      #figures b { font-variant-numeric: tabular-nums; color: #222; }
      main { display: grid; grid-template-columns: 1fr 17em; gap: 1.5em; }
      canvas { width: 100%; background: white; border: 1px solid #ddd; border-radius: 4px; }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
      td, th { padding: .15em .5em; text-align: right; } 
      td:first-child { font-weight: bold; text-align: left; }
      td:last-child { width: 40%; } .bar { background: #4a7fb5; height: .8em; border-radius: 2px; }
      #tape { list-style: none; margin: 0; padding: 0; font: 13px monospace; height: 36em; overflow: hidden; }
      #tape li { white-space: pre; padding: .1em 0; } .up { color: #197a3d; } .down { color: #b3261e; }
    </style>
    <h1>Trades</h1>
    <p id="figures"><b id="trades">0</b> trades told in <b id="messages">0</b> messages of 29 bytes;
      <b id="conflated">0</b> conflated; volume <b id="volume">0</b>; <span id="pace"></span></p>
    <main>
      <section>
        <canvas id="line" width="1200" height="420"></canvas>
        <table>
          <thead><tr><th></th><th>price</th><th>volume</th><th></th></tr></thead>
          <tbody id="symbols"></tbody>
        </table>
      </section>
      <ol id="tape" aria-live="off"></ol>
    </main>
    <script>
      // What was shown, for whoever looks: symbols as {price, volume, line}.
      const market = { trades: 0, messages: 0, volume: 0, symbols: {}, closed: null };
      const slow = Number(new URLSearchParams(location.search).get("slow") || 0);
      const byId = id => document.getElementById(id);
      byId("pace").textContent = slow ? `a slow browser: ${slow} ms for each frame` : "as fast as they come";
      const colours = ["#4a7fb5", "#c2571a", "#2e8b57", "#8b5fbf", "#b5892f", "#a33b5c", "#3b9ea3", "#777"];
      const TRADE = 29, HEADER = 8, POINTS = 300;
      let tape = [], isDirty = false;

      // SBE, little-endian: blockLength, templateId, schemaId, version; trade_id, symbol, price, quantity.
      function take(buffer) {
        const view = new DataView(buffer);
        for (let at = 0; at + TRADE <= view.byteLength; at += TRADE) {
          const header = [0, 2, 4, 6].map(place => view.getUint16(at + place, true));
          if (header.join() !== "21,1,1,0") throw new Error("expected the header 21,1,1,0, got " + header);
          const id = Number(view.getBigUint64(at + HEADER, true));
          const name = String.fromCharCode(view.getUint8(at + HEADER + 8));
          const price = view.getFloat64(at + HEADER + 9, true);
          const quantity = view.getUint32(at + HEADER + 17, true);
          const symbol = market.symbols[name] ||= { price, volume: 0, line: [] };
          const isUp = price >= symbol.price;
          symbol.price = price;
          symbol.volume += quantity;
          symbol.line.push(price);
          if (symbol.line.length > POINTS) symbol.line.shift();
          market.messages += 1;
          market.trades = Math.max(market.trades, id);
          market.volume += quantity;
          const cells = [id, name, price.toFixed(2), quantity];
          tape.push([cells.map((cell, place) => String(cell).padStart([8, 1, 8, 7][place])).join(" "), isUp]);
        }
        tape = tape.slice(-30);
        isDirty = true;
      }

      function show() {
        if (!isDirty) return;
        isDirty = false;
        byId("trades").textContent = market.trades;
        byId("messages").textContent = market.messages;
        byId("conflated").textContent = market.trades - market.messages;
        byId("volume").textContent = market.volume;
        const names = Object.keys(market.symbols).sort();
        const most = Math.max(...names.map(name => market.symbols[name].volume));
        const rows = byId("symbols");
        names.forEach((name, index) => {
          let row = byId("row-" + name);
          if (!row) {
            row = document.createElement("tr");
            row.id = "row-" + name;
            row.innerHTML = `<td>${name}</td><td class="price"></td><td class="volume"></td>`
              + "<td><div class=\"bar\"></div></td>";
            rows.insertBefore(row, rows.children[index] || null);
          }
          const symbol = market.symbols[name];
          row.querySelector(".price").textContent = symbol.price.toFixed(2);
          row.querySelector(".volume").textContent = symbol.volume;
          row.querySelector(".bar").style.width = 100 * symbol.volume / most + "%";
          row.querySelector(".bar").style.background = colours[index % colours.length];
        });
        byId("tape").replaceChildren(...tape.slice().reverse().map(([text, isUp]) => {
          const item = document.createElement("li");
          item.textContent = text;
          item.className = isUp ? "up" : "down";
          return item;
        }));
        draw(names);
      }

      function draw(names) {
        const canvas = byId("line"), context = canvas.getContext("2d");
        context.clearRect(0, 0, canvas.width, canvas.height);
        const prices = names.flatMap(name => market.symbols[name].line);
        const low = Math.min(...prices), span = Math.max(...prices) - low || 1;
        names.forEach((name, index) => {
          const line = market.symbols[name].line;
          context.strokeStyle = context.fillStyle = colours[index % colours.length];
          context.lineWidth = 2;
          context.beginPath();
          line.forEach((price, place) => {
            const x = 10 + place * (canvas.width - 60) / POINTS;
            const y = canvas.height - 15 - (price - low) / span * (canvas.height - 30);
            place ? context.lineTo(x, y) : context.moveTo(x, y);
            if (place === line.length - 1) context.fillText(name, x + 6, y + 3);
          });
          context.stroke();
        });
      }

      const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/market");
      socket.binaryType = "arraybuffer";
      socket.onmessage = event => {
        take(event.data);
        // What was sent was shown: the next may come. This is how the gateway knows how fast this browser is.
        setTimeout(() => { show(); socket.send("ready"); }, slow);
      };
      socket.onclose = event => {
        market.closed = event.code;
        byId("pace").textContent = "closed: " + event.code;
      };
    </script>
    </html>
    """#
