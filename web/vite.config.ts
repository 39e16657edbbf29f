/* How the pages are built: one entry a page, names with a digest of the content, and a manifest from which
 * web/embed.cmake makes the daemon's table of assets. `npm run dev` shows a page against a running daemon. */
import { defineConfig } from "vite";

export default defineConfig({
  base: process.env["LITANG_WEB_OUT"] === undefined ? "/" : "/assets/",
  publicDir: false,
  build: {
    outDir: process.env["LITANG_WEB_OUT"] ?? "../build/web",
    emptyOutDir: true,
    assetsDir: ".",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2020",
    cssCodeSplit: true,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: { coverage: "src/coverage/main.ts" },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  server: {
    host: "127.0.0.1", // a bare machine may have no name for it
    proxy: Object.fromEntries(["/api", "/style.css", "/hall"].map((path) => [path, process.env["LITANG_DAEMON"] ?? "http://127.0.0.1:8080"])),
  },
  test: { include: ["tests/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
