package org.kith.core.handlers

import com.novi.serde.Bytes
import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.AfterEach
import org.kith.shared.HttpError
import org.kith.shared.HttpHeader
import org.kith.shared.HttpRequest
import org.kith.shared.HttpResponse
import org.kith.shared.HttpResult
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

class HttpHandlerTest {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply { start() }
    private val origin = "http://127.0.0.1:${server.address.port}"

    @AfterEach fun stop() = server.stop(0)

    @Test
    fun `method, headers and body arrive, and the answer comes back`() = runTest {
        serve { exchange ->
            val type = exchange.requestHeaders.getFirst("Content-Type")
            exchange.responseHeaders.add("X-Asked", "${exchange.requestMethod} $type")
            exchange.reply(200, exchange.requestBody.readBytes().reversedArray())
        }
        val answer = ok(post(byteArrayOf(1, 0, -1)))
        assertEquals(200u.toUShort(), answer.status)
        assertContentEquals(byteArrayOf(-1, 0, 1), answer.body.content)
        assertTrue(answer.headers.any { it.name.equals("x-asked", true) && it.value == "POST application/cbor" })
    }

    @Test
    fun `a refusal is an answer with its body`() = runTest {
        serve { it.reply(409, "why".encodeToByteArray()) }
        val answer = ok(post(byteArrayOf(1)))
        assertEquals(409u.toUShort(), answer.status)
        assertEquals("why", answer.body.content.decodeToString())
    }

    @Test
    fun `a redirect is not followed`() = runTest {
        serve {
            it.responseHeaders.add("Location", "$origin/elsewhere")
            it.reply(307, byteArrayOf())
        }
        assertEquals(307u.toUShort(), ok(post(byteArrayOf(1))).status)
    }

    @Test
    fun `an answer without end is refused`() = runTest {
        serve { it.reply(200, ByteArray(1001)) }
        assertIs<HttpError.Io>(error(HttpHandler(largest = 1000).handle(post(byteArrayOf()))))
        assertIs<HttpResult.Ok>(HttpHandler(largest = 1001).handle(post(byteArrayOf())))
    }

    @Test
    fun `no server, no answer`() = runTest {
        server.stop(0)
        assertIs<HttpError.Io>(error(HttpHandler().handle(post(byteArrayOf(1)))))
    }

    @Test
    fun `what is no web address is an error of its own`() = runTest {
        for (url in listOf("", "kith", "http://a b/", "nothing://x", "file:///etc/hostname")) {
            assertIs<HttpError.Url>(error(HttpHandler().handle(post(byteArrayOf()).copy(url = url))), url)
        }
    }

    private fun serve(reply: (HttpExchange) -> Unit) {
        server.createContext("/") { exchange -> exchange.use(reply) }
    }

    private fun HttpExchange.use(block: (HttpExchange) -> Unit) = try { block(this) } finally { close() }

    private fun HttpExchange.reply(status: Int, body: ByteArray) {
        sendResponseHeaders(status, if (body.isEmpty()) -1 else body.size.toLong())
        if (body.isNotEmpty()) responseBody.write(body)
    }

    private fun post(body: ByteArray) =
        HttpRequest("POST", "$origin/v1/sync", listOf(HttpHeader("Content-Type", "application/cbor")), Bytes(body))

    private suspend fun ok(request: HttpRequest): HttpResponse =
        assertIs<HttpResult.Ok>(HttpHandler().handle(request)).value

    private fun error(result: HttpResult): HttpError = assertIs<HttpResult.Err>(result).value
}
