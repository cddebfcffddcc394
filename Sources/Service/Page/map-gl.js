// Draws a map with WebGL 2: each point is one vertex, moved and coloured on the graphics processor.
import { markerSize, mixedOrder, palette } from "./map-look.js";

const vertexCode = `#version 300 es
in float aX; in float aY; in uvec4 aLook;
uniform vec2 uCentre; uniform vec2 uScale; uniform float uSize; uniform uint uPass; uniform vec3 uPalette[${palette.length}];
flat out vec3 vColour; flat out uint vShape; flat out uint vState; flat out float vSize;
void main() {
  bool isFaint = (aLook.z & 2u) != 0u;
  bool isOut = (aLook.z & 1u) != 0u || isFaint != (uPass == 0u);
  float size = uSize * ((aLook.z & 4u) != 0u ? 1.25 : 1.0) * ((aLook.z & 16u) != 0u ? 1.5 : 1.0);
  gl_Position = isOut ? vec4(2.0, 2.0, 2.0, 1.0) : vec4((vec2(aX, aY) - uCentre) * uScale, 0.0, 1.0);
  gl_PointSize = size;
  vColour = uPalette[aLook.x]; vShape = aLook.y; vState = aLook.z; vSize = size;
}`;

const fragmentCode = `#version 300 es
precision highp float;
flat in vec3 vColour; flat in uint vShape; flat in uint vState; flat in float vSize;
uniform float uAlpha; uniform vec3 uInk;
out vec4 colour;
// 1 on the edge of a marker, less inside.
float reach(vec2 p) {
  if (vSize < 4.0 || vShape == 0u) return length(p) / 0.78;
  if (vShape == 1u) return max(abs(p.x), abs(p.y)) / 0.7;
  if (vShape == 2u) return max(p.y / 0.62, 1.0 + (abs(p.x) * 1.6 - (p.y + 0.98) * 0.88) / 1.1);
  return (abs(p.x) + abs(p.y)) / 0.98;
}
void main() {
  float d = reach(gl_PointCoord * 2.0 - 1.0);
  float soft = vSize * 0.4;
  float cover = vSize < 4.0 ? step(d, 1.15) : clamp((1.0 - d) * soft + 0.5, 0.0, 1.0);
  if (cover <= 0.0) discard;
  float alpha = uAlpha * cover;
  bool isLarge = vSize >= 4.0;
  if (isLarge && (vState & 8u) != 0u) alpha *= mix(0.12, 1.0, clamp((d - 1.0 + 3.2 / vSize) * soft + 0.5, 0.0, 1.0));
  vec3 tone = vColour;
  if ((vState & 16u) != 0u && d > 1.0 - 3.0 / vSize) { tone = uInk; alpha = cover * min(1.0, uAlpha * 1.6); }
  colour = vec4(tone * alpha, alpha);
}`;

// WebGL played by the processor is slower than pixels set by hand.
const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

function rendererName(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

function compiled(gl, kind, code) {
  const shader = gl.createShader(kind);
  gl.shaderSource(shader, code);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(gl.getShaderInfoLog(shader));
  return shader;
}

/** A renderer on a canvas; throws where there is no WebGL 2, or only one that the processor plays. */
export class MapGL {
  constructor(canvas, map, { mayBeSlow = false } = {}) {
    const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: !mayBeSlow, alpha: true, antialias: false, premultipliedAlpha: true, powerPreference: "high-performance" });
    if (!gl) throw new Error("no WebGL 2");
    if (!mayBeSlow && software.test(rendererName(gl))) throw new Error("WebGL without a graphics processor");
    Object.assign(this, { canvas, gl, map, order: mixedOrder(map.count), mixed: new Uint8Array(map.count * 4), isLost: false });
    this.#begin();
    canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); this.isLost = true; });
    canvas.addEventListener("webglcontextrestored", () => {
      this.isLost = false;
      this.#begin();
      if (this.tones) this.setTones(this.tones);
      this.#upload();
      this.onRestored?.();
    });
  }

  #begin() {
    const { gl, map, order } = this;
    const program = gl.createProgram();
    gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, vertexCode));
    gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, fragmentCode));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    this.at = Object.fromEntries(["uCentre", "uScale", "uSize", "uPass", "uPalette", "uAlpha", "uInk"].map((name) => [name, gl.getUniformLocation(program, name)]));
    const column = (name, values) => {
      const mixed = new Float32Array(map.count);
      for (let n = 0; n < map.count; n += 1) mixed[n] = values[order[n]];
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, mixed, gl.STATIC_DRAW);
      const place = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 1, gl.FLOAT, false, 0, 0);
    };
    column("aX", map.x);
    column("aY", map.y);
    this.look = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.look);
    gl.bufferData(gl.ARRAY_BUFFER, map.count * 4, gl.DYNAMIC_DRAW);
    const place = gl.getAttribLocation(program, "aLook");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribIPointer(place, 4, gl.UNSIGNED_BYTE, 0, 0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** `tones` are [red, green, blue] by the order of the palette. */
  setTones(tones) {
    this.tones = tones;
    this.gl.uniform3fv(this.at.uPalette, tones.flat());
    this.gl.uniform3fv(this.at.uInk, tones[palette.indexOf("ink")]);
  }

  setLook(look) {
    const from = new Uint32Array(look.buffer);
    const into = new Uint32Array(this.mixed.buffer);
    for (let n = 0; n < this.map.count; n += 1) into[n] = from[this.order[n]];
    this.#upload();
  }

  #upload() {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.look);
    this.gl.bufferSubData(this.gl.ARRAY_BUFFER, 0, this.mixed);
  }

  /** Draws; `share` below 1 draws a fair sample of the points, as while the map moves on a slow machine. */
  draw(frame, ratio, { share = 1, hasFaint = false } = {}) {
    const { gl, canvas, at, map } = this;
    if (this.isLost) return;
    const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(at.uCentre, frame.x, frame.y);
    gl.uniform2f(at.uScale, (2 * frame.scale) / frame.width, (2 * frame.scale) / frame.height);
    gl.uniform1f(at.uSize, markerSize(map.count, frame.zoom) * ratio);
    const count = Math.max(1, Math.round(map.count * share));
    if (hasFaint) {
      gl.uniform1ui(at.uPass, 0);
      gl.uniform1f(at.uAlpha, 0.16);
      gl.drawArrays(gl.POINTS, 0, Math.min(count, map.count));
    }
    gl.uniform1ui(at.uPass, 1);
    gl.uniform1f(at.uAlpha, 0.85);
    gl.drawArrays(gl.POINTS, 0, Math.min(count, map.count));
  }
}
