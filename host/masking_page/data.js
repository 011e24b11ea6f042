"use strict";
// What the analysis left, decoded, and the words for it.
const data = JSON.parse(document.getElementById("data").textContent);
const element = (id) => document.getElementById(id);

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

for (const view of [data.tracks, data.groups]) {
  for (const key of ["clash", "band_group", "section"]) view[key] = bytesOf(view[key]);
  view.count = view.names.length;
}

// The clash of a pair in sone seconds: a byte holds its logarithm.
function clashOf(view, target, masker) {
  const byte = view.clash[target * view.count + masker];
  return byte === 0 ? 0 : view.greatest * Math.pow(10, (byte - 255) / 64);
}

// Those who hide a target, the greatest first: [masker, share of the blame].
function maskersOf(view, target) {
  const all = [];
  let sum = 0;
  for (let j = 0; j < view.count; ++j) {
    const clash = clashOf(view, target, j);
    sum += clash;
    if (clash > 0) all.push([j, clash]);
  }
  return all.sort((a, b) => b[1] - a[1]).map(([j, clash]) => [j, clash / sum]);
}

function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function timeWords(seconds) {
  const bar = data.session.bar_s;
  return bar === null ? clock(seconds) : `${clock(seconds)} (bar ${Math.floor(seconds / bar + 1e-6) + 1})`;
}

function hertz(hz) {
  const digits = Number(hz.toPrecision(2));
  return digits >= 1000 ? `${digits / 1000} kHz` : `${digits} Hz`;
}

function amount(value) {
  return value >= 10 ? String(Math.round(value)) : value > 0 ? String(Number(value.toPrecision(value < 1 ? 1 : 2))) : "0";
}

function percent(share) {
  return share > 0 && share < 0.005 ? "under 1 %" : `${Math.round(100 * share)} %`;
}

// Colours: eleven of a map, straight lines between them.
function colourAt(map, place) {
  const at = Math.min(Math.max(place, 0), 1) * (map.length - 1);
  const low = Math.min(Math.floor(at), map.length - 2);
  return map[low].map((c, i) => Math.round(c + (at - low) * (map[low + 1][i] - c)));
}
const css = (rgb) => `rgb(${rgb[0]}, ${rgb[1]}, ${rgb[2]})`;
const marginPlace = (db) => (db + 10) / 35;

function variable(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// A canvas of so many CSS pixels, sharp on every screen.
function contextOf(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// The words, or their beginning and end with an ellipsis, in a width.
function shortened(context, words, width) {
  if (context.measureText(words).width <= width) return words;
  const letters = Array.from(words);
  for (let kept = letters.length - 1; kept >= 2; --kept) {
    const ending = Math.floor(kept * 0.4);
    const text = letters.slice(0, kept - ending).join("") + "\u2026" + letters.slice(letters.length - ending).join("");
    if (context.measureText(text).width <= width) return text;
  }
  return "\u2026";
}
