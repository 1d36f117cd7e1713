package io.ratatoskr.gateway;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Shows the key to the provider; nothing before it in the chain has it in hand. */
record AuthInterceptor(Provider.AuthHeader header, Secret secret) implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    return chain.proceed(
        chain
            .request()
            .newBuilder()
            .header(header.name(), header.prefix() + secret.reveal())
            .build());
  }
}
