package org.kith.core.handlers

import com.novi.serde.Bytes
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.kith.shared.HttpError
import org.kith.shared.HttpHeader
import org.kith.shared.HttpRequest
import org.kith.shared.HttpResponse
import org.kith.shared.HttpResult
import java.io.IOException
import java.net.HttpURLConnection
import java.net.MalformedURLException
import java.net.SocketTimeoutException
import java.net.URI

/**
 * HTTP by the platform's own client: `java.net.http` is missing on Android, this one is on both.
 *
 * A status is an answer, whatever it is; an error means that there was none.
 */
class HttpHandler(
    private val dispatcher: CoroutineDispatcher = Dispatchers.IO,
    private val largest: Int = 8 * 1024 * 1024,
) {
    suspend fun handle(request: HttpRequest): HttpResult = withContext(dispatcher) {
        try {
            HttpResult.Ok(exchange(request))
        } catch (fault: IllegalArgumentException) {
            HttpResult.Err(HttpError.Url(fault.message.orEmpty()))
        } catch (fault: MalformedURLException) {
            HttpResult.Err(HttpError.Url(fault.message.orEmpty()))
        } catch (_: SocketTimeoutException) {
            HttpResult.Err(HttpError.Timeout)
        } catch (fault: IOException) {
            HttpResult.Err(HttpError.Io(fault.message.orEmpty()))
        }
    }

    private fun exchange(request: HttpRequest): HttpResponse {
        val connection = URI.create(request.url).toURL().openConnection() as? HttpURLConnection
            ?: throw IllegalArgumentException("not an http address")
        try {
            connection.send(request)
            return connection.receive()
        } finally {
            // Closes the streams; the connection itself is kept for the next request.
            connection.errorStream?.close()
        }
    }

    private fun HttpURLConnection.send(request: HttpRequest) {
        connectTimeout = CONNECT_MS
        readTimeout = READ_MS
        useCaches = false
        // A token must not follow a redirect to somebody else.
        instanceFollowRedirects = false
        requestMethod = request.method
        request.headers.forEach { addRequestProperty(it.name, it.value) }
        val body = request.body.content
        if (body.isNotEmpty()) {
            doOutput = true
            // A known length also keeps the client from sending it twice behind our back.
            setFixedLengthStreamingMode(body.size)
            outputStream.use { it.write(body) }
        }
    }

    private fun HttpURLConnection.receive(): HttpResponse {
        val status = responseCode
        val headers = headerFields.filterKeys { it != null }
            .flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
        val stream = if (status < FIRST_FAILURE) inputStream else errorStream
        val body = stream?.use { it.readNBytes(largest + 1) } ?: ByteArray(0)
        if (body.size > largest) throw IOException("the answer is larger than $largest bytes")
        return HttpResponse(status.toUShort(), headers, Bytes(body))
    }

    private companion object {
        const val CONNECT_MS = 20_000
        const val READ_MS = 60_000
        const val FIRST_FAILURE = 400
    }
}
